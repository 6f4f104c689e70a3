namespace Swan.Geo.Rasters;

/// <summary>What a cell of a heat map says of the windows that cover it.</summary>
internal enum HeatMapStatistic
{
    /// <summary>The largest score.</summary>
    Max,

    /// <summary>The mean of their scores.</summary>
    Mean,
}

/// <summary>How a heat map is drawn.</summary>
internal sealed record HeatMapOptions
{
    /// <summary>Pixels of the scene along a cell's side; null: the finest stride of the windows.</summary>
    public int? CellSize { get; init; }

    /// <summary>The most cells along a side; larger cells are used where there would be more.</summary>
    public int MaxSide { get; init; } = 4096;

    /// <summary>What a cell says.</summary>
    public HeatMapStatistic Statistic { get; init; } = HeatMapStatistic.Max;

    /// <summary>What programs call the band, such as the query; null for no name.</summary>
    public string? Description { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">An option is not valid; the message names all that are not.</exception>
    public void Check()
    {
        List<string> faults = [];
        if (CellSize < 1) faults.Add($"{nameof(CellSize)} is {CellSize}; expected at least 1 pixel");
        if (MaxSide < 1) faults.Add($"{nameof(MaxSide)} is {MaxSide}; expected at least 1 cell");
        if (!Enum.IsDefined(Statistic)) faults.Add($"{nameof(Statistic)} is {(int)Statistic}; expected Max or Mean");
        if (faults.Count > 0)
            throw new ArgumentOutOfRangeException("options", $"The heat map's options are not valid: {string.Join("; ", faults)}.");
    }
}
