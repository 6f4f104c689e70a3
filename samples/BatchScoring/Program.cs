using System.Globalization;
using BatchScoring;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
using var interruption = new Interruption();
return await CommandLine.Run(args, request => ScoringJob.Run(request, interruption.Token));
