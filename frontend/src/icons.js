/** Small line drawings, made in the page: nothing is fetched, nothing is a font. They are never the only sign. */

/** Paths on a 24 × 24 field. @type {Record<string, string>} */
const PATHS = {
  right: "M5 12.5l4.5 4.5L19 7.5",
  partly: "M6 12h12",
  almost: "M5 19l1-4L16.5 4.500l3 3L9 18z",
  wrong: "M19.500 12a7.500 7.500 0 1 1-2.200-5.300M19.500 3.500v4h-4",
  wait: "M12 7v5l3.500 2",
  noted: "M6 5h12v14H6zM9 9.500h6M9 13h6",
  listen: "M4 9.500v5h3.500L12 18.500v-13L7.500 9.500zM15.500 9a4.200 4.200 0 0 1 0 6M18 6.500a7.800 7.800 0 0 1 0 11",
  stop: "M7 7h10v10H7z",
  hint: "M9.500 18h5M10.500 21h3M8.500 14.500a5.500 5.500 0 1 1 7 0c-.7.600-1 1.200-1 2h-5c0-.8-.3-1.400-1-2z",
  hand: "M8 12V5.500a1.500 1.500 0 0 1 3 0V11 4.500a1.500 1.500 0 0 1 3 0V11 6a1.500 1.500 0 0 1 3 0v8c0 4-2 6.500-5.500 6.500-2.500 0-3.800-1-5-3L4 13.500c-.6-1.500 1-2.500 2-1.300L8 14.500",
  skip: "M5 6l7 6-7 6zM17.500 6v12",
  back: "M14.500 5.500L8 12l6.500 6.500",
  next: "M9.500 5.500L16 12l-6.500 6.500",
  colour: "M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16",
  redo: "M4.500 12a7.500 7.500 0 1 0 2.200-5.300M4.500 3.500v4h4",
  book: "M12 6.500C10 5 7 4.500 4 5v13c3-.5 6 0 8 1.500 2-1.500 5-2 8-1.500V5c-3-.5-6 0-8 1.500zM12 6.500v13",
};

/** @param {string} name @returns {SVGSVGElement} */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `bd-icon bd-icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name] || "");
  svg.append(path);
  return svg;
}
