export const otherMethods = undefined;
