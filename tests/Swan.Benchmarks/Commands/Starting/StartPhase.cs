namespace Swan.Benchmarks.Commands;

/// <summary>What one phase of a child process took, and what the process held at its end.</summary>
/// <param name="Name">The phase.</param>
/// <param name="Wall">Milliseconds by the clock.</param>
/// <param name="Processor">Milliseconds of all threads.</param>
/// <param name="Compiling">Milliseconds in which .NET compiled methods, on any thread.</param>
/// <param name="Resident">VmRSS, bytes.</param>
/// <param name="Peak">VmHWM, bytes.</param>
/// <param name="Own">RssAnon, bytes: what is not a view of a file.</param>
/// <param name="Managed">.NET's heap, bytes.</param>
internal sealed record StartPhase(
    string Name, double Wall, double Processor, double Compiling, long Resident, long Peak, long Own, long Managed);
