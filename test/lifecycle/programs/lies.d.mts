export declare function liesAbout(about: { readonly number: number; readonly repository: string }): string;
