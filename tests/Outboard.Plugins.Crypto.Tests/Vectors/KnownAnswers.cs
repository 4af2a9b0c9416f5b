namespace Outboard.Plugins.Crypto.Tests.Vectors;

/// <summary>Reads the known answers under tests/vectors/crypto.</summary>
internal static class KnownAnswers
{
    public static IReadOnlyList<KnownAnswer> Read(string file)
    {
        var cases = new List<KnownAnswer>();
        var current = new Dictionary<string, string>();
        foreach (string line in File.ReadLines(Path.Combine(Folder(), file)).Append(string.Empty))
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

    private static string Folder()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Outboard.slnx")))
            {
                return Path.Combine(at.FullName, "tests", "vectors", "crypto");
            }
        }

        throw new DirectoryNotFoundException("the test program does not run inside a clone of the repository");
    }
}

internal sealed class KnownAnswer(IReadOnlyDictionary<string, string> values)
{
    public bool Has(string name) => values.ContainsKey(name);

    public byte[] Bytes(string name) => Convert.FromHexString(values[name]);

    public uint Hex(string name) => Convert.ToUInt32(values[name], 16);

    public int Number(string name) => int.Parse(values[name], System.Globalization.CultureInfo.InvariantCulture);
}
