namespace Outboard.Plugins.Crypto.Tests.Tls.OpenSsl;

/// <summary>The key logs that the two peers write (the format of NSS).</summary>
internal sealed class KeyLog(params string[] paths)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>Waits until a peer has logged a secret.</summary>
    public byte[] Wait(string label)
    {
        DateTime until = DateTime.UtcNow + s_patience;
        while (true)
        {
            foreach (string path in paths.Where(File.Exists))
            {
                using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
                string text = reader.ReadToEnd();
                string[]? parts = text[..(text.LastIndexOf('\n') + 1)].Split('\n')
                    .Select(line => line.Split(' ')).FirstOrDefault(p => p.Length == 3 && p[0] == label);
                if (parts is not null)
                {
                    return Convert.FromHexString(parts[2]);
                }
            }

            if (DateTime.UtcNow > until)
            {
                throw new TimeoutException($"no peer has logged {label}");
            }

            Thread.Sleep(5);
        }
    }
}
