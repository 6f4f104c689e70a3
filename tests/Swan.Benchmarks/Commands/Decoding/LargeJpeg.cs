namespace Swan.Benchmarks.Commands;

/// <summary>A large JPEG file, and how near its two embeddings and encoder inputs are.</summary>
internal sealed record LargeJpeg(string Name, int Width, int Height, int Eighths, double Cosine, double MeanLevels, int MostLevels);
