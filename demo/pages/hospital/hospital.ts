/**
 * The only script of the hospital tool: shows a paper from a `blob:` address in a tab of its own, as many tools do
 * after they have fetched it with the session of the page.
 */
async function openAsBlob(address: string): Promise<void> {
  const response = await fetch(address, { credentials: "same-origin" });
  if (!response.ok) return location.reload();
  const bytes = await response.blob();
  // Kept until the page goes: the tab that shows it may be reloaded.
  window.open(URL.createObjectURL(new Blob([bytes], { type: "application/pdf" })), "_blank");
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-blob]") : null;
  const address = button?.dataset.blob;
  if (!address) return;
  void openAsBlob(address);
});
