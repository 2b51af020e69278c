/** Only imported by tasks. */
export const later = (x) => `later ${x}`;
