namespace Swan.MLNet.Imaging;

/// <summary>A chunk that is decoded.</summary>
/// <param name="Column">Which of the chunks side by side.</param>
/// <param name="Top">Its first row in the image.</param>
/// <param name="Width">Its columns; of a plane of chroma, as many as are stored.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="VisibleWidth">Columns that lie within the image.</param>
/// <param name="VisibleRows">Rows that lie within the image.</param>
internal readonly record struct TiffChunk(int Column, int Top, int Width, int Rows, int VisibleWidth, int VisibleRows);
