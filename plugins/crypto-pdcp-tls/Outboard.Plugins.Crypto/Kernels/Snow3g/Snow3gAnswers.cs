using Outboard.Plugins.Crypto.Engine;

namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>Known answers that the units run at device start: TS 35.217 (implementors' test data), sections 4 and 5.</summary>
internal static class Snow3gAnswers
{
    /// <summary>Test set 1 of UEA2, 253 bits in 32 bytes; the three bits behind stay as they are.</summary>
    public static string? CheckUea2(CryptoUnit unit, UnitSelfTest test) => test.Check(
        unit,
        Convert.FromHexString("d3c5d592327fb11c4035c6680af8c6d1"),
        Convert.FromHexString("398a59b4ac000000398a59b4ac000000"),
        [],
        Convert.FromHexString("981ba6824c1bfb1ab485472029b71d808ce33e2cc3c0b5fc1f3de8a6dc66b1f0"),
        253,
        encrypt: true,
        Convert.FromHexString("5d5bfe75eb04f68ce0a12377ea00b37d47c6a0ba06309155086a859c4341b378"),
        []);

    /// <summary>A test set of UIA2 with 189 bits, and one with 1000.</summary>
    public static string? CheckUia2(CryptoUnit unit, UnitSelfTest test) => test.Check(
        unit,
        Convert.FromHexString("2bd6459f82c5b300952c49104881ff48"),
        Convert.FromHexString("38a6f05605d2ec4938a6f05605d2ec49"),
        [],
        Convert.FromHexString("6b227737296f393c8079353edc87e2e805d2ec49a4f2d8e0"),
        189,
        encrypt: true,
        [],
        Convert.FromHexString("2bce1820"))
        ?? test.Check(
        unit,
        Convert.FromHexString("f4ebec69e73eaf2eb2cf6af4b3120ffd"),
        Convert.FromHexString("296f393c6b227737a96f393c6b22f737"),
        [],
        Convert.FromHexString(
            "10bfff839e0c71658dbb2d1707e145724f41c16f48bf403c3b18e38fd5d1663b6f6d900193e3cea8bb4f1b4f5be822032232a78d7d75238d5e6daecd"
            + "3b4322cf59bc7ea84ab18811b5bfb7bc553f4fe44478ce287a14879990d18d12ca79d2c855149021cd5ce8ca0371ca04fcce143e3d7cfee94585b588"
            + "5cac46068b"),
        1000,
        encrypt: true,
        [],
        Convert.FromHexString("061745ae"));
}
