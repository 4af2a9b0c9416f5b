namespace Outboard.Plugins.Mana.Adapter.Layouts;

/// <summary>Type of a completion entry (reference 1.5).</summary>
internal enum CompletionType : byte
{
    None = 0,
    ReceiveOkay = 1,
    ReceiveCoalesced4 = 2,
    ReceiveFence = 3,
    ReceiveTruncated = 4,
    SendOkay = 32,
    SendSourceRefused = 33,
    SendMtuDrop = 34,
    SendInvalidOob = 35,
    SendEtherTypeRefused = 36,
    SendHeaderError = 37,
    SendVportIndex = 39,
    SendVportDisabled = 40,
    SendVlanViolation = 41,
    SendGdmaError = 42,
}
