/** The part of the package that is used; it brings no types. */
declare module 'fs-native-extensions' {
  const native: {
    tryLock(fd: number, offset: number, length: number): boolean;
    unlock(fd: number, offset: number, length: number): void;
  };
  // A CommonJS module.
  // oxlint-disable-next-line import/no-default-export
  export default native;
}
