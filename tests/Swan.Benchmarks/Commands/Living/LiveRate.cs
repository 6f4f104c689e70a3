namespace Swan.Benchmarks.Commands;

/// <summary>What one thing takes that is done with an index.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Scan">What the index's searches read.</param>
/// <param name="Rows">Rows that it is done with.</param>
/// <param name="Milliseconds">Wall time; of what is done several times, the median.</param>
/// <param name="Processor">Processor time of the process, likewise.</param>
internal sealed record LiveRate(string Name, string Scan, int Rows, double Milliseconds, double Processor);
