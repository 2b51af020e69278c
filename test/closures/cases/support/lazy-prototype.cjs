/** A class whose constructor adds methods to its prototype when it first makes an instance, as some packages do. */
'use strict';
class Lazy {
  constructor(n) {
    this.n = n;
    Lazy.prototype.double ??= function () {
      return this.n * 2;
    };
  }
}
module.exports = { Lazy };
