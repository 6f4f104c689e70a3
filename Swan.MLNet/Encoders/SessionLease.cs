namespace Swan.MLNet.Encoders;

/// <summary>Keeps an <see cref="EncoderSession"/> open until its single disposal.</summary>
internal readonly struct SessionLease(ReferenceCount users) : IDisposable
{
    public void Dispose() => users.Leave();
}
