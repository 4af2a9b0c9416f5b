namespace Outboard.Plugins.Crypto.Kernels.Sha;

/// <summary>Keeps a state in some lanes without a branch.</summary>
internal static unsafe class StateCapture<TVector, TWords>
    where TVector : unmanaged
    where TWords : IHashWords<TVector>
{
    /// <summary>As <see cref="IMaskedHashKernel.Capture"/>.</summary>
    public static void Apply(byte* kept, byte* state, byte* mask, int words)
    {
        TVector lanes = *(TVector*)mask;
        for (int t = 0; t < words; t++)
        {
            ((TVector*)kept)[t] = TWords.Choose(lanes, ((TVector*)state)[t], ((TVector*)kept)[t]);
        }
    }
}
