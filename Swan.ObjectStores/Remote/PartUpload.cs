using Swan.ObjectStores.Requests;

namespace Swan.ObjectStores.Remote;

/// <summary>An object that is written in parts, invisible until it is complete.</summary>
internal abstract class PartUpload
{
    public abstract Task<bool> BeginAsync(Attempt attempt);

    /// <summary>Writes a part.</summary>
    /// <param name="number">From 0.</param>
    /// <param name="body">Its bytes.</param>
    /// <param name="attempt">The attempt.</param>
    public abstract Task<bool> PartAsync(int number, Stream body, Attempt attempt);

    public abstract Task<PartsEnd> CompleteAsync(Attempt attempt);

    /// <summary>Deletes the parts.</summary>
    public abstract Task<bool> AbortAsync(Attempt attempt);
}

/// <summary>What became of parts.</summary>
internal enum PartsEnd
{
    /// <summary>The object is written.</summary>
    Written,

    /// <summary>There was an object.</summary>
    Exists,

    /// <summary>The parts are gone, as after an answer that was lost.</summary>
    Gone,
}
