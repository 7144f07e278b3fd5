// Letters with marks become letters without.
module.exports = function fold(text) {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "");
};
