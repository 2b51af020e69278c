/** A CommonJS module that cases import. */
module.exports = { name: 'configuration', describe: (x) => `${module.exports.name} ${x}` };
