namespace Swan.MLNet.Encoders;

/// <summary>Keeps an <see cref="EncoderSession"/> open until it is disposed, once.</summary>
internal readonly struct SessionLease(ReferenceCount users) : IDisposable
{
    public void Dispose() => users.Leave();
}
