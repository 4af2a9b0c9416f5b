using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Outboard.Plugins.Crypto.Tests.Tls.OpenSsl;

/// <summary>One run of the openssl program.</summary>
internal sealed class PeerProgram : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private PeerProgram(string[] arguments)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo("openssl", arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        _process.OutputDataReceived += (_, e) => Note(e.Data);
        _process.ErrorDataReceived += (_, e) => Note(e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Starts it.</summary>
    public static PeerProgram Start(params string[] arguments) => new(arguments);

    /// <summary>Why a suite cannot be tried here, or null.</summary>
    public static string? Obstacle(PeerSuite suite)
    {
        try
        {
            using PeerProgram ciphers = suite.Version == Security.TlsVersion.Tls13
                ? Start("ciphers", "-s", "-tls1_3", "-ciphersuites", suite.Name)
                : Start("ciphers", "-s", "-tls1_2", suite.Name + ":@SECLEVEL=0");
            ciphers._process.WaitForExit();
            return ciphers.Output.Split('\n', ':').Contains(suite.Name) ? null
                : $"the openssl program here has no {suite.Name}: it was built without it";
        }
        catch (Win32Exception)
        {
            return "there is no openssl program here: apt-get install openssl";
        }
    }

    /// <summary>Everything that it wrote.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Gives it a line to read.</summary>
    public void WriteLine(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>Waits until it has written a text.</summary>
    public async Task WaitFor(string text)
    {
        DateTime until = DateTime.UtcNow + s_patience;
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            if (DateTime.UtcNow > until || _process.HasExited)
            {
                string shown = text.Length > 60 ? text[..60] + "..." : text;
                throw new TimeoutException($"the program has not written \"{shown}\" but:\n{Output}");
            }

            await Task.Delay(5);
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Note(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.Append(line).Append('\n');
            }
        }
    }
}
