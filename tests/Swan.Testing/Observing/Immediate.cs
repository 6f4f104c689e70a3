namespace Swan.Testing;

/// <summary>Progress that is told at once, on the thread that reports it.</summary>
public sealed class Immediate<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
