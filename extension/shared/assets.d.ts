/** Files that the bundler turns into addresses or style sheets. */
declare module "*.css";
declare module "*?url" {
  const address: string;
  export default address;
}
