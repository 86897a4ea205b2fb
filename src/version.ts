declare const __PACKAGE_VERSION__: string | undefined;

/** Version of this package, put in by the build; sources that run unbuilt (unit tests) say so. */
export const VERSION: string = typeof __PACKAGE_VERSION__ === "string" ? __PACKAGE_VERSION__ : "0.0.0-source";
