namespace Swan.Benchmarks.Commands;

/// <summary>What a child process of <see cref="StartCommand"/> does.</summary>
internal enum StartKind
{
    /// <summary>Embeds one caption.</summary>
    First,

    /// <summary>Does each part of opening by itself.</summary>
    Phases,

    /// <summary>Searches an index by text.</summary>
    Search,

    /// <summary>Opens both towers and a pool of prediction engines.</summary>
    Pool,
}
