namespace Outboard.Plugins.Ml.Tests.Support;

/// <summary>Comparisons with a bound.</summary>
internal static class Close
{
    public static void Equal(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double relative, double absolute, string what = "")
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            if (!Within(expected[i], actual[i], relative, absolute))
            {
                Assert.Fail($"{what} element {i} of {expected.Length}: expected {expected[i]:G9}, got {actual[i]:G9}");
            }
        }
    }

    public static bool Within(double expected, double actual, double relative, double absolute) =>
        double.IsNaN(expected) || double.IsNaN(actual)
            ? double.IsNaN(expected) && double.IsNaN(actual)
            : expected == actual || Math.Abs(expected - actual) <= absolute + (relative * Math.Abs(expected));
}
