/** What code remembers between requests belongs to one store: two services in one process must never share it. */
import type { Store } from "./store.ts";

/** State of each store, made at its first use and gone with the store. */
export function perStore<State>(make: () => State): (store: Store) => State {
  const states = new WeakMap<Store, State>();
  return (store) => {
    const known = states.get(store);
    if (known !== undefined) return known;
    const made = make();
    states.set(store, made);
    return made;
  };
}
