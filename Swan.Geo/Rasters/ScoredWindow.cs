namespace Swan.Geo.Rasters;

/// <summary>A window of a scene, and how well it fits what was asked.</summary>
/// <param name="Column">Its first column, from 0 at the left.</param>
/// <param name="Row">Its first row, from 0 at the top.</param>
/// <param name="Width">Columns, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Score">Any number.</param>
internal readonly record struct ScoredWindow(int Column, int Row, int Width, int Height, float Score);
