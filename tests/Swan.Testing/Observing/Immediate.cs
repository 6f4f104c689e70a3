namespace Swan.Testing;

/// <summary>Progress that is told at once, on the thread that reports it.</summary>
public sealed class Immediate(Action<int> report) : IProgress<int>
{
    public void Report(int value) => report(value);
}
