namespace Swan.Benchmarks.Commands;

/// <summary>A large JPEG file, and how near its two embeddings are.</summary>
internal sealed record LargeJpeg(string Name, int Width, int Height, int Eighths, double Cosine);
