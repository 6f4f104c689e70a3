namespace Swan.Cli.Doctor;

/// <summary>How a check of <c>swan doctor</c> went.</summary>
internal enum FindingState
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Works, but something is not there or is slower than it could be.</summary>
    Note,

    /// <summary>Something that swan needs doesn't work.</summary>
    Problem,
}

/// <summary>What one check found.</summary>
/// <param name="Name">What was checked, in a few words.</param>
/// <param name="State">How it went.</param>
/// <param name="Text">What was found.</param>
/// <param name="Fix">What to do; null where nothing is to be done.</param>
internal sealed record Finding(string Name, FindingState State, string Text, string? Fix = null);
