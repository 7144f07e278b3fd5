// Titles as they stand in addresses.
const fold = require("./lib/fold.js");
require("./lib/cache.js");

module.exports = function slug(title) {
  return fold(title)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
};
