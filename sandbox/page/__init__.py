"""The sandbox as a web page: what people see and do, and a workbench for whoever develops a bot."""
