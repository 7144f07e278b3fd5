// RandomX needs all four rounding modes of IEEE 754, and WebAssembly has one. This computes the others from it, as ports
// to the web must: an operation rounded to nearest, then one step to a neighbour where its error says so.
#pragma once
#ifdef __cplusplus
#include <cfenv>
#include <cmath>
#include <cstdint>
#include <cstring>

#define FE_DOWNWARD 1
#define FE_UPWARD 2
#define FE_TOWARDZERO 3
extern "C" int rounding_mode;
extern "C" int rounding_set(int mode);
#define fegetround() rounding_mode
#define fesetround(mode) rounding_set(mode)

#include "intrin_portable.h"

// The neighbour of `x` that the mode asks for, when the exact result is `x` plus something of the sign of `error`.
static inline double rounded(double x, double error) {
  if (rounding_mode == FE_TONEAREST || error == 0 || std::isnan(error)) return x;
  bool up = rounding_mode == FE_UPWARD || (rounding_mode == FE_TOWARDZERO && x < 0);
  if (up != (error > 0)) return x;
  int64_t bits;
  memcpy(&bits, &x, sizeof bits);
  if (x == 0) bits = up ? 1 : (int64_t)0x8000000000000001u;
  else bits += (x > 0) == up ? 1 : -1;
  memcpy(&x, &bits, sizeof bits);
  return x;
}

static inline double sum(double a, double b) {
  double x = a + b, part = x - a;
  double error = (a - (x - part)) + (b - part);
  // An exact zero has the sign that the mode gives it.
  if (x == 0 && error == 0 && rounding_mode == FE_DOWNWARD && !(a == 0 && b == 0)) return -0.0;
  return rounded(x, error);
}

// Products of 53 bits are exact in 113.
static inline double product(double a, double b) {
  double x = a * b;
  if (std::isinf(x) && !std::isinf(a) && !std::isinf(b)) return rounding_mode == FE_TONEAREST ? x : rounded(x, x > 0 ? -1 : 1);
  return rounded(x, (double)((long double)a * b - x));
}

static inline double quotient(double a, double b) {
  double x = a / b;
  double error = (double)((long double)a - (long double)x * b);
  return rounded(x, b < 0 ? -error : error);
}

static inline double root(double a) {
  double x = std::sqrt(a);
  return rounded(x, (double)((long double)a - (long double)x * x));
}

static inline rx_vec_f128 add_rounded(rx_vec_f128 a, rx_vec_f128 b) {
  a.lo = sum(a.lo, b.lo);
  a.hi = sum(a.hi, b.hi);
  return a;
}

static inline rx_vec_f128 sub_rounded(rx_vec_f128 a, rx_vec_f128 b) {
  a.lo = sum(a.lo, -b.lo);
  a.hi = sum(a.hi, -b.hi);
  return a;
}

static inline rx_vec_f128 mul_rounded(rx_vec_f128 a, rx_vec_f128 b) {
  a.lo = product(a.lo, b.lo);
  a.hi = product(a.hi, b.hi);
  return a;
}

static inline rx_vec_f128 div_rounded(rx_vec_f128 a, rx_vec_f128 b) {
  a.lo = quotient(a.lo, b.lo);
  a.hi = quotient(a.hi, b.hi);
  return a;
}

static inline rx_vec_f128 sqrt_rounded(rx_vec_f128 a) {
  a.lo = root(a.lo);
  a.hi = root(a.hi);
  return a;
}

#define rx_add_vec_f128 add_rounded
#define rx_sub_vec_f128 sub_rounded
#define rx_mul_vec_f128 mul_rounded
#define rx_div_vec_f128 div_rounded
#define rx_sqrt_vec_f128 sqrt_rounded
#endif
