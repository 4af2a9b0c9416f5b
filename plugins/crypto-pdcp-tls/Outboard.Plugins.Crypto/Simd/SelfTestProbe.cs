namespace Outboard.Plugins.Crypto.Simd;

/// <summary>Sees a kernel's result before it is compared with the known answer, and may spoil it: the test of the self-test.</summary>
internal delegate void SelfTestProbe(string kernel, Span<byte> result);
