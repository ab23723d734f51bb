/** Made by build.mjs from the files in kinds/: one entry per file, by its `kind`. */
declare module "bdhvs:kinds" {
  export const kinds: Record<string, import("./types").Mount>;
}
