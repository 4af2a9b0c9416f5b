using System.Runtime.Intrinsics.X86;

namespace Outboard.Simd;

/// <summary>The instruction sets that the runtime can use on this processor, for reports.</summary>
public static class CpuFeatures
{
    /// <summary>The names of the instruction sets at hand, narrow ones first.</summary>
    public static IReadOnlyList<string> Supported { get; } = List();

    private static List<string> List()
    {
        var names = new List<string>();
        Add(names, Sse42.IsSupported, "SSE4.2");
        Add(names, Aes.IsSupported, "AES");
        Add(names, Pclmulqdq.IsSupported, "PCLMULQDQ");
        Add(names, Avx2.IsSupported, "AVX2");
        Add(names, Fma.IsSupported, "FMA");
        Add(names, Bmi2.IsSupported, "BMI2");
        Add(names, AvxVnni.IsSupported, "AVX-VNNI");
        Add(names, Gfni.IsSupported, "GFNI");
        Add(names, Gfni.V512.IsSupported, "GFNI-512");
        Add(names, Pclmulqdq.V256.IsSupported, "VPCLMULQDQ");
        Add(names, Pclmulqdq.V512.IsSupported, "VPCLMULQDQ-512");
        Add(names, Avx512F.IsSupported, "AVX512F");
        Add(names, Avx512BW.IsSupported, "AVX512BW");
        Add(names, Avx512DQ.IsSupported, "AVX512DQ");
        Add(names, Avx512Vbmi.IsSupported, "AVX512VBMI");
        Add(names, Avx512Vbmi2.IsSupported, "AVX512VBMI2");
        return names;
    }

    private static void Add(List<string> names, bool supported, string name)
    {
        if (supported)
        {
            names.Add(name);
        }
    }
}
