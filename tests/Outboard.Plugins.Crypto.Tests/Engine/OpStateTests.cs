using System.Runtime.CompilerServices;
using Outboard.Plugins.Crypto.Engine;

namespace Outboard.Plugins.Crypto.Tests.Engine;

public sealed unsafe class OpStateTests
{
    [Fact]
    public void WhatIsZeroedEndsWhereTheRoomsBegin()
    {
        var state = default(OpState);
        Assert.Equal(OpState.ClearedLength, (int)(state.Iv - (byte*)Unsafe.AsPointer(ref state)));
        Assert.Equal(OpState.ClearedLength + OpState.IvRoom + OpState.PrefixRoom + CryptoJob.CodeRoom, Unsafe.SizeOf<OpState>());
    }
}
