export type Scheme = "auto" | "light" | "dark";

/** What was chosen in this browser; the system's setting unless something was. */
export const chosenScheme = (): Scheme =>
  (localStorage.getItem("plumbline.scheme") as Scheme | null) ?? "auto";

export function applyScheme(scheme: Scheme = chosenScheme()): void {
  if (scheme === "auto") {
    localStorage.removeItem("plumbline.scheme");
    delete document.documentElement.dataset["scheme"];
  } else {
    localStorage.setItem("plumbline.scheme", scheme);
    document.documentElement.dataset["scheme"] = scheme;
  }
}
