namespace Swan.Training.Losses;

/// <summary>What losses read of a run's options.</summary>
internal interface ILossOptions
{
    /// <summary>The triplet losses' margin.</summary>
    double Margin { get; }

    /// <summary>Where InfoNCE's temperature starts.</summary>
    double Temperature { get; }

    /// <summary>The share of InfoNCE's probability that resemblance decides.</summary>
    double SoftTargets { get; }
}
