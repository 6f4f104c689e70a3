using System.Runtime.ExceptionServices;

namespace Swan.MLNet.Models;

/// <summary>A part of a model that is made at its first use. Safe for concurrent use.</summary>
/// <remarks>
/// A fault of the model file is permanent: it is kept and thrown at each use, without making the part again. After any other fault, such as
/// a failing disk or device, the next use tries again.
/// </remarks>
/// <typeparam name="T">The part.</typeparam>
/// <param name="making">Held while the part is made.</param>
/// <param name="make">Makes it.</param>
internal sealed class FirstUse<T>(Lock making, Func<T> make) where T : class
{
    private T? _made;
    private ExceptionDispatchInfo? _fault;

    /// <summary>The part if it is there; null otherwise.</summary>
    public T? Made => Volatile.Read(ref _made);

    /// <summary>The part; made now if it isn't there.</summary>
    /// <exception cref="SwanFormatException">The model file is at fault.</exception>
    public T Value
    {
        get
        {
            if (Made is { } made) return made;
            Volatile.Read(ref _fault)?.Throw();
            lock (making)
            {
                if (_made is not null) return _made;
                _fault?.Throw();
                try
                {
                    T value = make();
                    Volatile.Write(ref _made, value);
                    return value;
                }
                catch (SwanFormatException e)
                {
                    Volatile.Write(ref _fault, ExceptionDispatchInfo.Capture(e));
                    throw;
                }
            }
        }
    }
}
