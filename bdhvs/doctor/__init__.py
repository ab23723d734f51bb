"""Is this machine ready for a class? Looks at what a class needs, and really starts one."""
