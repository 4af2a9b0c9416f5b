namespace Outboard.Security.Pdcp;

/// <summary>Why a call of a PDCP entity took no more than it did.</summary>
public enum PdcpStop
{
    /// <summary>There was no more to take.</summary>
    None,

    /// <summary>The span of ops, or that for control PDUs, is used up.</summary>
    OutputFull,

    /// <summary>The entity is suspended or released.</summary>
    NotActive,

    /// <summary>COUNT would wrap: no more is protected under these keys.</summary>
    CountExhausted,

    /// <summary>As many SDUs wait, or are delivered and not taken, as the entity has room for.</summary>
    BufferFull,

    /// <summary>As many PDUs are unconfirmed as the transmit window or buffer holds.</summary>
    WindowFull,

    /// <summary>The pool for PDUs has no mbuf left.</summary>
    NoBuffers,

    /// <summary>The next SDU is shared or lacks room for header or MAC-I, and the entity has no pool for PDUs.</summary>
    NoRoom,

    /// <summary>The next SDU is longer than the system allows.</summary>
    TooLong,

    /// <summary>The COUNT of the next PDU depends on PDUs whose ops are not complete: complete them and call again.</summary>
    CompletionsPending,
}
