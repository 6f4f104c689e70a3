namespace Swan.Geo.Search;

/// <summary>A region of a scene as a picture, at full or reduced size.</summary>
/// <remarks>Immutable, unless its bytes are changed.</remarks>
public sealed record SwanScenePicture
{
    /// <summary>The scene's column at the picture's left edge.</summary>
    public required double Column { get; init; }

    /// <summary>The scene's row at the picture's top edge.</summary>
    public required double Row { get; init; }

    /// <summary>Columns of the scene that one of the picture stands for, at least 1.</summary>
    public required double ColumnStep { get; init; }

    /// <summary>Rows of the scene that one of the picture stands for, at least 1.</summary>
    public required double RowStep { get; init; }

    /// <summary>Columns of the picture.</summary>
    public required int Width { get; init; }

    /// <summary>Rows of the picture.</summary>
    public required int Height { get; init; }

    /// <summary>Blue, green, red and alpha of each pixel, row by row; alpha is the share with data, not premultiplied.</summary>
    public required byte[] Bgra { get; init; }
}
