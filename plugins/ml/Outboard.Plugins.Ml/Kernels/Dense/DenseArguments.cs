namespace Outboard.Plugins.Ml.Kernels.Dense;

/// <summary>
/// y[m, n] = min(max(x[m, :] . W[:, n] + bias[n], Low), High). Weights lie in panels of two registers of columns, k by k
/// within a panel, the last one padded with zeros; the bias is padded alike.
/// </summary>
internal unsafe struct DenseArguments
{
    public int X;
    public int Y;

    /// <summary>Rows of one inference.</summary>
    public int Rows;
    public bool Batched;
    public int K;
    public int N;
    public float* Panels;
    public float* Bias;
    public float Low;
    public float High;
}
