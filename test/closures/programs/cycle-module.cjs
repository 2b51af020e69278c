/** Requires the main script. */
exports.usesMain = () => require('./cycle-main.cjs').setting;
const main = require('./cycle-main.cjs');
exports.settingOf = () => main.setting;
