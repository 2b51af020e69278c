export const inlineText: string;
