using System.Security.Cryptography;

namespace Outboard.Security.Pdcp;

/// <content>Re-establishment, suspend, data recovery and release (TS 38.323 5.1, 5.5).</content>
public sealed partial class PdcpEntity
{
    /// <summary>Suspends the entity (5.1.4): TX_NEXT, RX_NEXT and RX_DELIV start anew, t-Reordering stops, what is stored is delivered.</summary>
    /// <remarks>SDUs that wait or are unconfirmed stay, and are sent with new COUNTs after a re-establishment; until then nothing is protected.</remarks>
    /// <exception cref="InvalidOperationException">The entity is not active, or ops are not complete.</exception>
    public void Suspend()
    {
        RequireQuiet("Suspend", PdcpEntityState.Active);
        _transmitter.Restart();
        _ = _receiver.Reset(deliver: true);
        State = PdcpEntityState.Suspended;
    }

    /// <summary>Re-establishes the entity with new keys (5.1.2).</summary>
    /// <param name="protection">Algorithms and keys from now on.</param>
    /// <remarks>
    /// SRB: COUNT starts anew, SDUs of both sides are dropped. UM DRB: COUNT starts anew, what is stored is delivered, what waits is sent. AM DRB:
    /// COUNT and what is stored stay, and everything unconfirmed is sent again under its COUNT with the new keys, before what waits; where the
    /// entity was suspended, COUNT starts anew and all of it is sent as if it was new.
    /// </remarks>
    /// <exception cref="ArgumentException">COUNT would start anew under a key that it has been used with: the keystream would repeat.</exception>
    /// <exception cref="InvalidOperationException">The entity is released, or ops are not complete.</exception>
    public void Reestablish(PdcpProtection protection)
    {
        ArgumentNullException.ThrowIfNull(protection);
        RequireQuiet("Reestablish", PdcpEntityState.Active, PdcpEntityState.Suspended);
        bool suspended = State == PdcpEntityState.Suspended;
        bool acknowledged = _options.Kind == PdcpBearerKind.Acknowledged;
        if (!acknowledged || suspended)
        {
            RequireFresh(protection);
        }

        Apply(protection);
        if (!acknowledged)
        {
            _dropped += (ulong)_receiver.Reset(deliver: _options.Kind == PdcpBearerKind.Unacknowledged);
            _transmitter.Restart();
        }

        if (_options.Kind == PdcpBearerKind.Signalling)
        {
            _dropped += (ulong)_transmitter.Clear();
        }

        if (acknowledged)
        {
            RequestResend();
        }

        State = PdcpEntityState.Active;
    }

    /// <summary>Changes algorithms and keys and nothing else: security is activated on a signalling bearer, or a bearer's keys are changed.</summary>
    /// <param name="protection">Algorithms and keys from now on.</param>
    /// <exception cref="InvalidOperationException">The entity is not active, or ops are not complete.</exception>
    public void ActivateSecurity(PdcpProtection protection)
    {
        ArgumentNullException.ThrowIfNull(protection);
        RequireQuiet("ActivateSecurity", PdcpEntityState.Active);
        Apply(protection);
    }

    /// <summary>Sends everything unconfirmed again, under the same COUNTs (5.5, AM DRB): lower layers were re-established or released.</summary>
    /// <exception cref="InvalidOperationException">The entity is not active, or is not that of an AM DRB.</exception>
    public void RecoverData()
    {
        if (State != PdcpEntityState.Active || _options.Kind != PdcpBearerKind.Acknowledged)
        {
            throw new InvalidOperationException($"RecoverData: the entity is {State} and its bearer {_options.Kind}; it must be active and acknowledged.");
        }

        RequestResend();
    }

    /// <summary>Releases the entity (5.1.3): SDUs to be sent are dropped, on data bearers what is stored is delivered, keys are wiped.</summary>
    /// <remarks>What was delivered can still be taken. Calling again does nothing.</remarks>
    /// <exception cref="InvalidOperationException">Ops are not complete.</exception>
    public void Release()
    {
        if (State == PdcpEntityState.Released)
        {
            return;
        }

        RequireQuiet("Release", PdcpEntityState.Active, PdcpEntityState.Suspended);
        _dropped += (ulong)_transmitter.Clear();
        _dropped += (ulong)_receiver.Reset(deliver: _options.Kind != PdcpBearerKind.Signalling);
        _transmitSession.Dispose();
        _receiveSession.Dispose();
        State = PdcpEntityState.Released;
    }

    private void RequestResend()
    {
        _transmitter.ResendNext = _transmitter.HeldFirst;
        _events |= _options.StatusReportRequired ? PdcpEvents.StatusReportDue : PdcpEvents.None;
    }

    private void Apply(PdcpProtection protection)
    {
        if (_options.Kind == PdcpBearerKind.Signalling && protection.Integrity == PdcpIntegrity.None)
        {
            throw new ArgumentException("PDCP entity: a signalling bearer has a MAC-I; without integrity it is Nia0.");
        }

        _security.UpdateSession(_transmitSession, Transform(SecurityOperation.Protect, protection));
        _security.UpdateSession(_receiveSession, Transform(SecurityOperation.Unprotect, protection));
        _anyCountUsed &= SharesKey(protection);
        _protection = Keep(protection);
    }

    private void RequireFresh(PdcpProtection protection)
    {
        if (_anyCountUsed && SharesKey(protection))
        {
            throw new ArgumentException("PDCP entity: COUNT starts anew and has been used with one of these keys; new keys are needed.");
        }
    }

    private bool SharesKey(PdcpProtection protection)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(protection.CipherKey.Span, hash);
        bool cipher = protection.Cipher != PdcpCipher.Nea0 && protection.Cipher == _protection.Cipher
            && CryptographicOperations.FixedTimeEquals(hash, _cipherKeyHash);
        _ = SHA256.HashData(protection.IntegrityKey.Span, hash);
        return cipher || (protection.Integrity is not (PdcpIntegrity.None or PdcpIntegrity.Nia0)
            && protection.Integrity == _protection.Integrity
            && CryptographicOperations.FixedTimeEquals(hash, _integrityKeyHash));
    }

    private void RequireQuiet(string call, PdcpEntityState state, PdcpEntityState other = PdcpEntityState.Active)
    {
        if (State != state && State != other)
        {
            throw new InvalidOperationException($"{call}: the entity is {State}.");
        }

        if (_transmitInFlight + _receiveInFlight != 0)
        {
            throw new InvalidOperationException(
                $"{call}: {_transmitInFlight} ops to send and {_receiveInFlight} to receive are not complete; dequeue them and complete them first.");
        }
    }
}
