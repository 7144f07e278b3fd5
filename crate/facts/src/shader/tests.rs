//! Shaders, whole: kernels and what comes near them.
