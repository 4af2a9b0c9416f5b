using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Plugins.Crypto.Tests.Simd;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Tests.Tls;

/// <summary>A live TLS 1.3 connection between two OpenSSL programs: every protected record opens here, and is made again here byte for byte.</summary>
public sealed class OpenSslInteropTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly string _folder = Directory.CreateTempSubdirectory("outboard-tls-").FullName;

    [Theory]
    [InlineData("TLS_AES_128_GCM_SHA256", 16)]
    [InlineData("TLS_AES_256_GCM_SHA384", 32)]
    public async Task RecordsOfOpenSslOpenAndAreMadeAgain(string suite, int keyLength)
    {
        Assert.SkipUnless(HasOpenSsl(), "there is no openssl program with TLS 1.3 here");
        (byte[] toServer, byte[] toClient) = await Converse(suite);
        ILookup<string, byte[]> secrets = File.ReadLines(Path.Combine(_folder, "keys.log"))
            .Select(line => line.Split(' ')).Where(parts => parts.Length == 3)
            .ToLookup(parts => parts[0], parts => Convert.FromHexString(parts[2]));
        using var bench = new Bench(512);
        string sent = Open(
            bench, toServer, secrets["CLIENT_HANDSHAKE_TRAFFIC_SECRET"].Single(), secrets["CLIENT_TRAFFIC_SECRET_0"].Single(), keyLength);
        string received = Open(
            bench, toClient, secrets["SERVER_HANDSHAKE_TRAFFIC_SECRET"].Single(), secrets["SERVER_TRAFFIC_SECRET_0"].Single(), keyLength);
        Assert.Contains("a line to be turned round", sent, StringComparison.Ordinal);
        Assert.Contains("dnuor denrut eb ot enil a", received, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Opens every protected record of one direction; returns the application data as text.
    private static string Open(Bench bench, byte[] stream, byte[] handshakeSecret, byte[] applicationSecret, int keyLength)
    {
        var text = new StringBuilder();
        var pair = new Pair(bench, handshakeSecret, keyLength);
        bool handshake = true;
        for (int at = 0; at + 5 <= stream.Length;)
        {
            int length = 5 + BinaryPrimitives.ReadUInt16BigEndian(stream.AsSpan(at + 3));
            byte[] record = stream[at..Math.Min(stream.Length, at + length)];
            at += length;
            if (record[0] != 23)
            {
                continue;
            }

            (byte type, byte[] fragment) = pair.Exchange(record);
            if (type == 23)
            {
                text.Append(Encoding.Latin1.GetString(fragment));
            }
            else if (type == 22 && handshake && EndsInFinished(fragment))
            {
                handshake = false;
                pair.Dispose();
                pair = new Pair(bench, applicationSecret, keyLength);
            }
        }

        pair.Dispose();
        Assert.False(handshake);
        return text.ToString();
    }

    private static bool EndsInFinished(byte[] fragment)
    {
        byte last = 0;
        for (int at = 0; at + 4 <= fragment.Length;)
        {
            last = fragment[at];
            at += 4 + ((fragment[at + 1] << 16) | (fragment[at + 2] << 8) | fragment[at + 3]);
        }

        return last == 20;
    }

    private static bool HasOpenSsl()
    {
        try
        {
            using Process process = Start("version");
            return process.WaitForExit(s_patience) && process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo("openssl", arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    // s_client talks to s_server through this process, which keeps a copy of both directions.
    private async Task<(byte[] ToServer, byte[] ToClient)> Converse(string suite)
    {
        WriteCertificate();
        int serverPort = FreePort();
        using Process server = Start(
            "s_server", "-accept", $"127.0.0.1:{serverPort}", "-cert", Path.Combine(_folder, "cert.pem"), "-key", Path.Combine(_folder, "key.pem"), "-tls1_3", "-ciphersuites", suite, "-rev", "-quiet");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using Process client = Start(
            "s_client", "-connect", $"127.0.0.1:{port}", "-tls1_3", "-keylogfile", Path.Combine(_folder, "keys.log"), "-quiet");
        try
        {
            using TcpClient near = await listener.AcceptTcpClientAsync().WaitAsync(s_patience);
            using TcpClient far = await Connect(serverPort);
            var toServer = new MemoryStream();
            var toClient = new MemoryStream();
            Task up = Copy(near, far, toServer), down = Copy(far, near, toClient);
            await client.StandardInput.WriteLineAsync("a line to be turned round");
            await client.StandardInput.FlushAsync();
            await client.StandardOutput.ReadLineAsync().WaitAsync(s_patience);
            client.Kill();
            await Task.WhenAll(up, down).WaitAsync(s_patience);
            return (toServer.ToArray(), toClient.ToArray());
        }
        finally
        {
            client.Kill();
            server.Kill();
        }
    }

    private static async Task<TcpClient> Connect(int port)
    {
        for (int attempt = 0; ; attempt++)
        {
            var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port);
                return client;
            }
            catch (SocketException) when (attempt < 100)
            {
                client.Dispose();
                await Task.Delay(50);
            }
        }
    }

    private static async Task Copy(TcpClient from, TcpClient to, MemoryStream copy)
    {
        byte[] buffer = new byte[32768];
        try
        {
            while (await from.GetStream().ReadAsync(buffer) is var count and not 0)
            {
                copy.Write(buffer, 0, count);
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
            }

            to.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidOperationException)
        {
            // The other side is gone: what was copied is what there is.
            to.Close();
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private void WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=outboard", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Path.Combine(_folder, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>A reading and a writing session under one traffic secret (RFC 8446 7.3).</summary>
    private sealed class Pair : IDisposable
    {
        private readonly Bench _bench;
        private readonly SecuritySession _read;
        private readonly SecuritySession _write;

        public Pair(Bench bench, byte[] secret, int keyLength)
        {
            _bench = bench;
            HashAlgorithmName hash = secret.Length == 48 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;
            var transform = new TlsRecordTransform
            {
                Operation = SecurityOperation.Unprotect,
                Version = TlsVersion.Tls13,
                CipherSuite = TlsCipherSuite.AesGcm,
                Key = ExpandLabel(hash, secret, "key", keyLength),
                Iv = ExpandLabel(hash, secret, "iv", 12),
            };
            _read = bench.Device.Security!.CreateSession(transform);
            _write = bench.Device.Security.CreateSession(transform with { Operation = SecurityOperation.Protect });
        }

        public (byte Type, byte[] Fragment) Exchange(byte[] record)
        {
            CryptoOp op = _bench.Op(_read, _bench.Packet(record));
            Assert.Equal(OpStatus.Success, _bench.Run(op));
            byte[] fragment = Bench.Bytes(op.Source);
            byte type = op.ContentType;
            op.SetSession(_write);
            op.PaddingLength = record.Length - 5 - 16 - 1 - fragment.Length;
            Assert.Equal(OpStatus.Success, _bench.Run(op));
            Assert.Equal(record, Bench.Bytes(op.Source));
            op.FreeWithBuffers();
            return (type, fragment);
        }

        public void Dispose()
        {
            _read.Dispose();
            _write.Dispose();
        }

        private static byte[] ExpandLabel(HashAlgorithmName hash, byte[] secret, string label, int length)
        {
            byte[] name = Encoding.ASCII.GetBytes("tls13 " + label);
            byte[] info = [(byte)(length >> 8), (byte)length, (byte)name.Length, .. name, 0];
            return HKDF.Expand(hash, secret, length, info);
        }
    }
}
