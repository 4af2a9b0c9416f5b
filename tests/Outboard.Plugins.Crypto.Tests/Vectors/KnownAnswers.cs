using Outboard.Testing;

namespace Outboard.Plugins.Crypto.Tests.Vectors;

/// <summary>Reads the known answers under tests/vectors/crypto.</summary>
internal static class KnownAnswers
{
    public static IReadOnlyList<KnownAnswer> Read(string file)
    {
        var cases = new List<KnownAnswer>();
        var current = new Dictionary<string, string>();
        foreach (string line in File.ReadLines(Path.Combine(SharedVectors.RepositoryRoot!, "tests", "vectors", "crypto", file)).Append(string.Empty))
        {
            string text = line.Trim();
            if (text.StartsWith('#'))
            {
                continue;
            }

            if (text.Length == 0)
            {
                if (current.Count != 0)
                {
                    cases.Add(new KnownAnswer(current));
                    current = [];
                }

                continue;
            }

            string[] parts = text.Split('=', 2);
            current.Add(parts[0].Trim(), parts[1].Trim());
        }

        Assert.NotEmpty(cases);
        return cases;
    }
}
