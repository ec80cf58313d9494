using ClinicFlow.Server;

return await ServerHost.RunAsync(args);
