namespace Outboard.Simd;
internal enum SimdWidth { Scalar = 64, V128 = 128, V256 = 256, V512 = 512 }
