using System.Globalization;
using QuickStart;

// Searching images takes seconds, with the model that comes inside Swan.MLNet: SearchExample.cs. With --train, a model of your own learns
// first: TrainExample.cs.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return CommandLine.Run(args, request =>
{
    if (request.Train) TrainExample.Run(request);
    else SearchExample.Run(request);
});
