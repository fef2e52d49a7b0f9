/** Small drawings, ours: a status is never colour alone. */
const paths = {
  check: "M5 12.5l4.5 4.5L19 7.5",
  ask: "M12 17.5v.01M9.2 9.2a2.9 2.9 0 1 1 4 2.7c-.8.4-1.2 1-1.2 2v.4",
  stop: "M7 7l10 10M17 7L7 17",
  clock: "M12 4.2a7.8 7.8 0 1 0 0 15.6 7.8 7.8 0 0 0 0-15.6zM12 8v4.3l2.8 1.7",
  send: "M12 19V6M6.5 11.5L12 6l5.5 5.5",
  file: "M7 3.8h7l4 4v12.4H7zM14 3.8v4h4",
  person: "M12 12.2a3.7 3.7 0 1 0 0-7.4 3.7 3.7 0 0 0 0 7.4zM5 20c.6-3.8 3.4-5.6 7-5.6s6.4 1.8 7 5.6",
  offline: "M4 4l16 16M8.5 15a5 5 0 0 1 6.6-.4M5.6 11.8a9.4 9.4 0 0 1 4-2.2M18.4 11.8a9.4 9.4 0 0 0-3.2-2",
  left: "M14.5 6l-6 6 6 6",
  right: "M9.5 6l6 6-6 6",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
