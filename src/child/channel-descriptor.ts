/** Where a child finds its channel. */
export const channelDescriptor = 3;
